// dcmjs-dimse as the user of an archive. Says what it sees as one JSON object a line on standard output.
//   node archive.cjs PORT REQUESTS   sends [{find: {keywords}}, {get: [study, series, instance], sopClass}, …] one after the other; C-GET at the level that the UIDs reach
//                                    {get: {keywords}, sopClass, classes} and {move: {keywords}, sopClass, destination} send the identifier as it is; classes are proposed besides those of storage
'use strict';
const { createHash } = require('crypto');
const dimse = require('dcmjs-dimse');
const { Client, Dataset } = dimse;
const { Association } = dimse.association;
const { CFindRequest, CGetRequest, CMoveRequest } = dimse.requests;
const { CStoreResponse } = dimse.responses;
const { Status, TransferSyntax } = dimse.constants;

const say = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
dimse.log.level = 'error';

const [port, list] = process.argv.slice(2);
const requests = JSON.parse(list);

// The library proposes the storage classes that it knows, with the SCP role; here are others.
const proposed = requests.flatMap(({ classes }) => classes ?? []);
const addFromRequest = Association.prototype.addPresentationContextFromRequest;
Association.prototype.addPresentationContextFromRequest = function (request, syntaxes) {
  const id = addFromRequest.call(this, request, syntaxes);
  for (const sopClass of request instanceof CGetRequest ? proposed : []) {
    const context = this.addOrGetPresentationContext(sopClass);
    this.getPresentationContext(context).setProviderRole(true);
    this.addTransferSyntaxToPresentationContext(context, TransferSyntax.ExplicitVRLittleEndian);
  }
  return id;
};

const client = new Client();
for (const { find, get, move, sopClass, destination } of requests) {
  let request;
  if (find) {
    request = CFindRequest.createStudyFindRequest(find);
    request.on('response', (response) => say('found', { status: response.getStatus(), data: response.getDataset()?.getElements() ?? null }));
  } else {
    if (move) request = CMoveRequest.createStudyMoveRequest(destination, '1');
    else if (Array.isArray(get)) request = [CGetRequest.createStudyGetRequest, CGetRequest.createSeriesGetRequest, CGetRequest.createImageGetRequest][get.length - 1](...get);
    else request = new CGetRequest();
    if (!Array.isArray(get)) request.setDataset(new Dataset(move ?? get));
    if (sopClass) request.setAffectedSopClassUid(sopClass);
    request.on('response', (response) => say(move ? 'moved' : 'got', { status: response.getStatus(), completed: response.getCompleted?.() ?? null, failures: response.getFailures?.() ?? null }));
  }
  client.addRequest(request);
}

const bytesOf = (value) => Buffer.from((Array.isArray(value) ? value[0] : value) ?? []);

// Everything but the pixels, with bytes in base 64.
const plain = (value) => {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return bytesOf(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'PixelData').map(([name, one]) => [name, plain(one)]));
  return value;
};

client.on('cStoreRequest', (request, callback) => {
  const elements = request.getDataset().getElements();
  const pixels = bytesOf(elements.PixelData);
  say('stored', {
    sopInstanceUid: request.getAffectedSopInstanceUid(), patientName: elements.PatientName ?? null, rows: elements.Rows ?? null, hasPixels: elements.PixelData !== undefined,
    pixels: createHash('sha256').update(pixels).digest('hex').toUpperCase(), pixelLength: pixels.length, data: plain(elements),
  });
  const response = CStoreResponse.fromRequest(request);
  response.setStatus(Status.Success);
  callback(response);
});
client.on('associationRejected', (rejection) => say('rejected', rejection));
client.on('networkError', (error) => say('error', { message: String(error) }));
client.on('closed', () => say('closed', {}));
client.send('127.0.0.1', Number(port), 'DCMJS', 'QRSCP', {});
