// A real OpenID Connect provider (oidc-provider) on loopback, with one person in it, for the test of signing in elsewhere.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

// `desk`: the agent's address. `claims`: what the provider says of the person. Returns { issuer, stop, change(claims) }.
export async function openProvider(port, { client, secret, redirect, claims }) {
  const issuer = `http://127.0.0.1:${port}`;
  let said = claims;
  const provider = new Provider(issuer, {
    clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code'] }],
    pkce: { required: () => true, methods: ['S256'] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...said, sub }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, i) => `/sign-in/${i.uid}` },
    cookies: { keys: ['only-for-this-test'] },
    ttl: { AccessToken: 600, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  });
  provider.on('server_error', (_, e) => console.error(e));
  // Signs in at once and agrees to everything asked for: the person is at the keyboard.
  const server = createServer(async (ask, answer) => {
    if (!ask.url.startsWith('/sign-in/')) return provider.callback()(ask, answer);
    const { prompt, params, session } = await provider.interactionDetails(ask, answer);
    if (prompt.name === 'login') return provider.interactionFinished(ask, answer, { login: { accountId: said.sub } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return provider.interactionFinished(ask, answer, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return { issuer, change: (to) => { said = to; }, stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}
