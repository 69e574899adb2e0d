// A user made of dcmjs-dimse for C-FIND and C-MOVE of any SOP class: the library's own requests are those of Query/Retrieve and Modality Worklist.
//   node queries.cjs client PORT REQUESTS    sends [{sopClass, data, destination}, …], C-MOVE where there is a destination, and says each response
'use strict';
const dimse = require('dcmjs-dimse');
const { Client, Dataset } = dimse;
const { CFindRequest, CMoveRequest } = dimse.requests;

const say = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
dimse.log.level = 'error';

function call(port, list) {
  const client = new Client();
  for (const { sopClass, data, destination } of list) {
    const request = destination ? CMoveRequest.createStudyMoveRequest(destination, '1') : new CFindRequest();
    request.setAffectedSopClassUid(sopClass);
    request.setDataset(new Dataset(data));
    request.on('response', (response) => say('answered', { status: response.getStatus(), data: response.hasDataset() ? response.getDataset().getElements() : null, completed: response.getCompleted?.() ?? null }));
    client.addRequest(request);
  }
  client.on('associationRejected', (rejection) => say('rejected', rejection));
  client.on('networkError', (error) => say('error', { message: String(error) }));
  client.on('closed', () => say('closed', {}));
  client.send('127.0.0.1', port, 'DCMJS', 'TEST');
}

const [, port, list] = process.argv.slice(2);
call(Number(port), JSON.parse(list));
