// Signing in with the agency's own provider (OpenID Connect, authorization code with PKCE), against a real provider.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { County, launch, openDesk } from '../rig.mjs';
import { openProvider } from '../provider.mjs';
import { call, carry } from '../wire.mjs';

let county, browser, provider;
before(async () => {
  browser = await launch();
  county = await County.open(['--oidc']);
  const { port, client, secret } = county.oidc;
  provider = await openProvider(port, { client, secret, redirect: `${county.desks.stb}/auth/oidc/city/callback`, claims: { sub: 'okafor-sub', name: 'M. Okafor', email: 'm.okafor@example.org', email_verified: true } });
});
after(async () => { await provider?.stop(); await browser?.close(); await county?.close(); });

const knock = async () => {
  const page = await openDesk(browser, county, 'stb', { elsewhere: [provider.issuer] });
  await page.goto('/inbox/');
  await page.getByRole('link', { name: /city|single sign-on/i }).or(page.getByRole('button', { name: /city|single sign-on/i })).first().click();
  return page;
};

test('who is known to the provider and has an account here is in', async () => {
  const page = await knock();
  await page.locator('#main').waitFor();
  const session = await page.evaluate(() => fetch('/auth/session').then((r) => r.json()));
  assert.equal(session.person.login, 'm.okafor');
  assert.doesNotMatch(page.url(), /code=|state=/, 'nothing of it stays in the address');
  await page.context().close();
});

test('who is known to the provider but has no account here is not', async () => {
  provider.change({ sub: 'stranger-sub', name: 'M. Okafor', email: 'm.okafor@example.org', email_verified: true });
  const page = await knock();
  await page.waitForURL((u) => u.origin === new URL(county.desks.stb).origin);
  await page.getByText(/not signed in.*stranger-sub/i).waitFor(); // what IT needs to know if it should be otherwise
  await page.goto('/inbox/');
  await page.locator('input[type="password"]').waitFor();
  assert.equal(await page.evaluate(() => fetch('/auth/session').then((r) => r.status)), 401);
  provider.change({ sub: 'okafor-sub' });
  await page.context().close();
});

test('a callback that nobody began here, or with another\'s state, signs nobody in', async () => {
  for (const path of ['/auth/oidc/city/callback?code=made-up&state=made-up', '/auth/oidc/city/callback?code=made-up', '/auth/oidc/city/callback?error=access_denied&state=x', '/auth/oidc/none/start']) {
    const answer = await call(county.desks.stb, 'GET', path);
    assert.ok(![answer.headers['set-cookie']].flat().join().match(/handoff_session=[^;]/), path);
    assert.notEqual(answer.status, 500, path);
  }
  // Begun by one, ended in another's browser: the attacker's own code, which the provider really gave, makes nobody the attacker.
  const theirs = await carry(`${county.desks.stb}/auth/oidc/city/start`, (to) => to.startsWith(`${county.desks.stb}/auth/oidc/city/callback`));
  const victim = await openDesk(browser, county, 'stb');
  await victim.goto(theirs);
  await victim.goto('/inbox/');
  await victim.locator('input[type="password"]').waitFor();
  assert.equal(await victim.evaluate(() => fetch('/auth/session').then((r) => r.status)), 401);
  await victim.context().close();
});
