// Begins without a token and finds everything else by itself: node client.mjs SERVER ISSUER
// Prints, as one JSON object, what it was told and which way it took.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { extractWWWAuthenticateParams } from '@modelcontextprotocol/sdk/client/auth.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [server, issuer] = process.argv.slice(2);
const way = [];
let scopes;

async function watched(input, init) {
  const request = new Request(input, init);
  const { pathname } = new URL(request.url);
  const answer = await fetch(input, init);
  way.push(`${request.method} ${pathname} ${answer.status}`);
  if (answer.headers.has('www-authenticate')) {
    scopes = extractWWWAuthenticateParams(answer).scope ?? scopes;
  }
  return answer;
}

// With client credentials the SDK asks for the scopes that it was given at the start, whatever a
// challenge names, so this hands them on. With an authorization code it does that itself.
class ChallengedClient extends ClientCredentialsProvider {
  prepareTokenRequest() {
    return super.prepareTokenRequest(scopes);
  }
}

const authProvider = new ChallengedClient({
  clientId: 'ann',
  clientSecret: 'any',
  expectedIssuer: issuer,
});
const client = new Client({ name: 'sallyport-test', version: '1.0.0' });
await client.connect(
  new StreamableHTTPClientTransport(new URL(server), { authProvider, fetch: watched }),
);

const call = async (name, args) => {
  const result = await client.callTool({ name, arguments: args });
  return result.content.map((content) => content.text);
};
const { tools } = await client.listTools();
const before = await call('whoami', {});
const added = await call('add_note', { text: 'Buy rope' });
const after = await call('whoami', {});
const notes = await call('list_notes', {});
await client.close();

console.log(
  JSON.stringify({ tools: tools.map((tool) => tool.name), before, added, after, notes, way }),
);
