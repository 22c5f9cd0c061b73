// Being told on a device: what is subscribed, what leaves the agency, what the worker shows on a locked screen, and where a tap leads.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPushService } from '../pushservice.mjs';
import { County, launch, nothingWrong, referral, sitDown } from '../rig.mjs';
import * as ui from '../screens.mjs';

const anything = /Quillfeather|Jordan|JQ|Alder|Brigid|Mill|suicid|named|26-\d{6}|apd|CRISIS_EVAL/i;
let county, browser, service;
before(async () => {
  service = await openPushService();
  browser = await launch();
  county = await County.open(['--push', service.ca]);
});
after(async () => { await browser?.close(); await county?.close(); await service?.stop(); });

// Chromium has no push service here: `subscribe` gives what the test's own service gave, and remembers what it was asked for.
const subscribes = (page) => page.addInitScript(({ endpoint, p256dh, auth }) => {
  let has = null;
  PushManager.prototype.subscribe = async (options) => {
    window.asked = { visible: options.userVisibleOnly, key: options.applicationServerKey && (options.applicationServerKey.byteLength ?? options.applicationServerKey.length) };
    return (has = { endpoint, expirationTime: null, options, toJSON: () => ({ endpoint, keys: { p256dh, auth } }), unsubscribe: async () => true });
  };
  PushManager.prototype.getSubscription = async () => has;
}, service.subscription);
// The browser hands a push to the worker; what is then put on the locked screen, as the browser's own record of it says. (Asking the worker for
// its notifications again and again makes Chromium forget one that is still on its way to the screen.)
async function delivered(page, data) {
  const cdp = await page.context().newCDPSession(page);
  const registered = new Promise((done) => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { const r = registrations.find((x) => !x.isDeleted); if (r) done(r.registrationId); }));
  const shown = new Promise((done) => cdp.on('BackgroundService.backgroundServiceEventReceived', ({ backgroundServiceEvent: e }) => {
    if (e.eventName === 'Notification displayed') done(Object.fromEntries(e.eventMetadata.map((m) => [m.key.toLowerCase(), m.value])));
  }));
  await cdp.send('BackgroundService.setRecording', { shouldRecord: true, service: 'notifications' });
  await cdp.send('BackgroundService.startObserving', { service: 'notifications' });
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.deliverPushMessage', { origin: county.desks.stb, registrationId: await registered, data });
  const said = await shown;
  await cdp.send('BackgroundService.setRecording', { shouldRecord: false, service: 'notifications' });
  await cdp.detach();
  assert.doesNotMatch(JSON.stringify(said), anything);
  return said;
}

test('a device is subscribed under this agency\'s own key; an id leaves the agency, sealed to the device, and a count is shown; then it is known that it was fetched', async () => {
  const page = await sitDown(browser, county, 'm.okafor');
  await page.context().grantPermissions(['notifications'], { origin: county.desks.stb });
  await subscribes(page);
  await page.reload();
  await page.locator('#main').waitFor();
  await ui.workerReady(page);
  await ui.turnOnPush(page);
  await ui.says(page, /turned on: this device is told/i);
  const asked = await page.evaluate(() => window.asked);
  assert.equal(asked.visible, true);
  assert.ok(asked.key === 65 || asked.key >= 86, `a P-256 key: ${asked.key}`);
  await ui.takeShift(page);

  const { thread } = await county.send('apd', 'stb', referral());
  const post = await service.next();
  assert.match(post.headers.authorization, /^vapid t=/);
  assert.match(post.text, /^[0-9A-Za-z-]{1,64}$/, 'an id and nothing else');
  assert.notEqual(post.text, thread, 'and not the referral\'s');
  // What stands in the open, the token's claims among it. Its signature, the topic and the sealed body are random: two letters are in them by chance.
  const claims = Buffer.from(post.headers.authorization.split('.')[1], 'base64url').toString();
  assert.doesNotMatch(JSON.stringify({ ...post.headers, authorization: claims, topic: '' }), anything);
  assert.doesNotMatch(JSON.stringify(post.headers) + post.body.toString('latin1'), /Quillfeather|Jordan|CRISIS_EVAL/);
  const shown = await delivered(page, post.text);
  assert.match(shown.title, /^New emergent item$/);
  assert.match(shown.body, /^Open to view\. 1 waiting\.$/);
  await county.until('fetched', 'stb', ['notices'], (r) => r.notices?.some((n) => n.thread === thread && n.told.some((t) => t.state === 'fetched' || t.state === 'opened')));
  nothingWrong(page);
  await page.context().close();
});

test('a push of an id that nobody gave shows that something is there, and no more', async () => {
  const page = await sitDown(browser, county, 'n.reyes');
  await page.context().grantPermissions(['notifications'], { origin: county.desks.stb });
  await ui.workerReady(page);
  const shown = await delivered(page, 'made-up-id-1');
  assert.deepEqual([shown.title, shown.body], ['New item', 'Open to view.']);
  nothingWrong(page);
  await page.context().close();
});
