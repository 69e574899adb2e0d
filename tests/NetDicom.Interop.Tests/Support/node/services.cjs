// A peer made of dcmjs-dimse for the DIMSE-N services. Says what it sees as one JSON object a line on standard output.
//   node services.cjs server PORT            accepts everything in Explicit VR Little Endian, answers every N request; reports storage commitment on the same association
//   node services.cjs client PORT REQUESTS   sends [{service, sopClass, instance, type, tags, data, meta}, …] and waits for a storage commitment report if it asked for one
'use strict';
const dimse = require('dcmjs-dimse');
const { Client, Dataset, Scp, Server } = dimse;
const requests = dimse.requests;
const responses = dimse.responses;
const { PresentationContextResult, Status, TransferSyntax } = dimse.constants;

const commitment = '1.2.840.10008.1.20.1';
const say = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
dimse.log.level = 'error';

const elements = (command) => command.getDataset()?.getElements() ?? null;
const dataset = (fields) => new Dataset(fields, TransferSyntax.ExplicitVRLittleEndian);

class Provider extends Scp {
  associationRequested(association) {
    for (const { id } of association.getPresentationContexts())
      association.getPresentationContext(id).setResult(PresentationContextResult.Accept, TransferSyntax.ExplicitVRLittleEndian);
    this.sendAssociationAccept();
  }

  reply(name, request, callback, fields, answer) {
    const response = responses[`${name}Response`].fromRequest(request);
    response.setStatus(Status.Success);
    if (answer) response.setDataset(dataset(answer));
    say(name, { sopInstance: request.getAffectedSopInstanceUid() ?? request.getRequestedSopInstanceUid(), data: elements(request), ...fields });
    callback(response);
  }

  nCreateRequest(request, callback) { this.reply('NCreate', request, callback, {}, { PerformedStationName: 'NODE' }); }
  nSetRequest(request, callback) { this.reply('NSet', request, callback, {}, null); }
  nGetRequest(request, callback) { this.reply('NGet', request, callback, { tags: request.getAttributeIdentifierList() }, { PatientID: 'P1' }); }
  nDeleteRequest(request, callback) { this.reply('NDelete', request, callback, {}, null); }
  nEventReportRequest(request, callback) { this.reply('NEventReport', request, callback, { type: request.getEventTypeId() }, null); }

  nActionRequest(request, callback) {
    this.reply('NAction', request, callback, { type: request.getActionTypeId() }, null);
    if (request.getRequestedSopClassUid() !== commitment) return;
    const report = new requests.NEventReportRequest(commitment, '1.2.840.10008.1.20.1.1', 1);
    report.setDataset(dataset(elements(request)));
    report.on('response', (response) => say('reported', { status: response.getStatus() }));
    this.sendRequests(report);
  }

  associationReleaseRequested() { this.sendAssociationReleaseResponse(); }
}

function serve(port) {
  const server = new Server(Provider);
  server.on('networkError', (error) => say('error', { message: String(error) }));
  server.listen(port);
  say('listening', { port });
}

function call(port, list) {
  const client = new Client();
  let [answers, reports] = [0, 0];
  // A report that was waited for has come, and everything is answered: nothing is left to linger for.
  const releaseWhenDone = () => {
    if (reports > 0 && answers === list.length) client.network.sendAssociationReleaseRequest();
  };
  for (const { service, sopClass, instance, type, tags, data, meta } of list) {
    const Kind = requests[`${service}Request`];
    const request = type !== undefined ? new Kind(sopClass, instance, type, meta) : tags ? new Kind(sopClass, instance, tags, meta) : new Kind(sopClass, instance, meta);
    if (data) request.setDataset(dataset(data));
    request.on('response', (response) => {
      say('answered', { service, status: response.getStatus(), data: elements(response) });
      answers++;
      setImmediate(releaseWhenDone);
    });
    client.addRequest(request);
  }
  client.on('nEventReportRequest', (request, callback) => {
    say('report', { type: request.getEventTypeId(), data: elements(request) });
    const response = responses.NEventReportResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
    reports++;
    setImmediate(releaseWhenDone);
  });
  client.on('associationRejected', (rejection) => say('rejected', rejection));
  client.on('networkError', (error) => say('error', { message: String(error) }));
  client.on('closed', () => {
    say('closed', {});
    process.exit();
  });
  // It lingers after its last answer: the longest time in which a report can come on the same association.
  client.send('127.0.0.1', port, 'DCMJS', 'TEST', { associationLingerTimeout: list.some((one) => one.sopClass === commitment) ? 3000 : 0 });
}

const [mode, port, list] = process.argv.slice(2);
if (mode === 'server') serve(Number(port));
else call(Number(port), JSON.parse(list));
