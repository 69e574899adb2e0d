// dcmjs-dimse as the user of an archive. Says what it sees as one JSON object a line on standard output.
//   node archive.cjs PORT REQUESTS   sends [{find: {keywords}}, {get: [study, series, instance], sopClass}, …] one after the other; C-GET at the level that the UIDs reach
'use strict';
const dimse = require('dcmjs-dimse');
const { Client } = dimse;
const { CFindRequest, CGetRequest } = dimse.requests;
const { CStoreResponse } = dimse.responses;
const { Status } = dimse.constants;

const say = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
dimse.log.level = 'error';

const [port, list] = process.argv.slice(2);
const client = new Client();
for (const { find, get, sopClass } of JSON.parse(list)) {
  let request;
  if (find) {
    request = CFindRequest.createStudyFindRequest(find);
    request.on('response', (response) => say('found', { status: response.getStatus(), data: response.getDataset()?.getElements() ?? null }));
  } else {
    request = [CGetRequest.createStudyGetRequest, CGetRequest.createSeriesGetRequest, CGetRequest.createImageGetRequest][get.length - 1](...get);
    if (sopClass) request.setAffectedSopClassUid(sopClass);
    request.on('response', (response) => say('got', { status: response.getStatus(), completed: response.getCompleted?.() ?? null, failures: response.getFailures?.() ?? null }));
  }
  client.addRequest(request);
}

client.on('cStoreRequest', (request, callback) => {
  const elements = request.getDataset().getElements();
  say('stored', { sopInstanceUid: request.getAffectedSopInstanceUid(), patientName: elements.PatientName ?? null, rows: elements.Rows ?? null, hasPixels: elements.PixelData !== undefined });
  const response = CStoreResponse.fromRequest(request);
  response.setStatus(Status.Success);
  callback(response);
});
client.on('associationRejected', (rejection) => say('rejected', rejection));
client.on('networkError', (error) => say('error', { message: String(error) }));
client.on('closed', () => say('closed', {}));
client.send('127.0.0.1', Number(port), 'DCMJS', 'QRSCP', {});
