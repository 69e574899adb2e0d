// A peer made of dcmjs-dimse for the interop tests. Says what it sees as one JSON object a line on standard output.
//   node peer.cjs server PORT                    accepts everything uncompressed, confirms identities, keeps nothing
//   node peer.cjs client PORT OPTIONS [FILE…]    C-ECHO, then C-STORE of the files; OPTIONS as Client.send takes them, as JSON
'use strict';
const dimse = require('dcmjs-dimse');
const { Client, Scp, Server } = dimse;
const { CEchoRequest, CStoreRequest } = dimse.requests;
const { CEchoResponse, CStoreResponse } = dimse.responses;
const { PresentationContextResult, Status, TransferSyntax } = dimse.constants;

const say = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
dimse.log.level = 'error';

const describe = (association) => ({
  calling: association.getCallingAeTitle(),
  called: association.getCalledAeTitle(),
  maxPduLength: association.getMaxPduLength(),
  implementationClassUid: association.getImplementationClassUid(),
  implementationVersion: association.getImplementationVersion(),
  asyncOps: association.getNegotiateAsyncOps() ? [association.getMaxAsyncOpsInvoked(), association.getMaxAsyncOpsPerformed()] : null,
  identity: association.getNegotiateUserIdentity()
    ? {
        type: association.getUserIdentityType(),
        asked: association.getUserIdentityPositiveResponseRequested(),
        primary: association.getUserIdentityPrimaryField(),
        secondary: association.getUserIdentitySecondaryField(),
      }
    : null,
  identityResponse: association.getNegotiateUserIdentityServerResponse() ? association.getUserIdentityServerResponse() : null,
  contexts: association.getPresentationContexts().map(({ id, context }) => ({
    id,
    abstractSyntax: context.getAbstractSyntaxUid(),
    transferSyntax: context.getAcceptedTransferSyntaxUid() ?? null,
    result: context.getResult(),
    scu: context.getUserRole() ?? null,
    scp: context.getProviderRole() ?? null,
  })),
});

class Peer extends Scp {
  associationRequested(association) {
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      const known = [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian].find((syntax) => context.hasTransferSyntaxUid(syntax));
      if (known) context.setResult(PresentationContextResult.Accept, known);
      else context.setResult(PresentationContextResult.RejectTransferSyntaxesNotSupported);
    }
    if (association.getNegotiateUserIdentity() && association.getUserIdentityPositiveResponseRequested()) {
      if (association.getUserIdentitySecondaryField() === 'wrong') {
        this.sendAssociationReject(1, 2, 1);
        return;
      }
      association.setUserIdentityServerResponse('');
      association.setNegotiateUserIdentityServerResponse(true);
    }
    say('association', describe(association));
    this.sendAssociationAccept();
  }

  cEchoRequest(request, callback) {
    say('echo', { messageId: request.getMessageId() });
    const response = CEchoResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  cStoreRequest(request, callback) {
    say('store', { sopInstanceUid: request.getAffectedSopInstanceUid(), patientId: request.getDataset().getElement('PatientID') });
    const response = CStoreResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  associationReleaseRequested() {
    say('release', {});
    this.sendAssociationReleaseResponse();
  }
}

function serve(port) {
  const server = new Server(Peer);
  server.on('networkError', (error) => say('error', { message: String(error) }));
  server.listen(port);
  say('listening', { port });
}

function call(port, options, files) {
  const client = new Client();
  const add = (name, request) => {
    request.on('response', (response) => say(name, { status: response.getStatus(), messageId: response.getMessageIdBeingRespondedTo?.() ?? null }));
    client.addRequest(request);
  };
  add('echoed', new CEchoRequest());
  for (const file of files) add('stored', new CStoreRequest(file));
  client.on('associationAccepted', (association) => say('accepted', describe(association)));
  client.on('associationRejected', (rejection) => say('rejected', rejection));
  client.on('associationReleased', () => say('released', {}));
  client.on('networkError', (error) => say('error', { message: String(error) }));
  client.on('closed', () => say('closed', {}));
  client.send('127.0.0.1', port, 'DCMJS', 'TEST', options);
}

const [mode, port, options, ...files] = process.argv.slice(2);
if (mode === 'server') serve(Number(port));
else call(Number(port), JSON.parse(options ?? '{}'), files);
