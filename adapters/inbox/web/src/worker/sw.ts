// The service worker: keeps the app's files so that it opens without the agent, and shows push notices. It never keeps an answer of the agent.
declare const self: ServiceWorkerGlobalScope;
declare const SHELL: string[], VERSION: string; // vite.config.ts
export {};

const cacheName = 'shell-' + VERSION;
self.addEventListener('install', (event) => {
  event.waitUntil((async () => { await (await caches.open(cacheName)).addAll(SHELL); await self.skipWaiting(); })());
});
self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
    await self.clients.claim();
  })());
});
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin || !url.pathname.startsWith('/inbox/')) return;
  if (event.request.mode === 'navigate') {
    event.respondWith((async () => { try { return await fetch(event.request); } catch { return (await caches.match('/inbox/')) ?? Response.error(); } })());
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith((async () => (await caches.match(url.pathname)) ?? fetch(event.request))());
  }
});

// A push holds an id and nothing else. What is shown: fixed words and counts, never a name, an agency, a service or a reason (decisions D25).
import type { Wake } from '../api/types';
const words = {
  en: { emergent: 'New emergent item', plain: 'New item', open: 'Open to view.', waiting: (n: number) => `${n} waiting.`, over: (n: number) => `${n} overdue.` },
  es: { emergent: 'Nuevo caso de emergencia', plain: 'Nuevo caso', open: 'Abra para ver.', waiting: (n: number) => `${n} en espera.`, over: (n: number) => `${n} con retraso.` },
};
self.addEventListener('push', (event) => {
  event.waitUntil((async () => {
    const id = event.data?.text().trim() ?? '';
    let wake: Partial<Wake> = {};
    if (/^[0-9A-Za-z-]{1,64}$/.test(id)) {
      try {
        const answer = await fetch('/api/v1/wake/' + id, { credentials: 'same-origin', cache: 'no-store' });
        if (answer.ok) wake = (await answer.json()) as Wake;
      } catch { /* shown without counts: a push that shows nothing is taken for abuse */ }
    }
    const w = words[self.navigator.language.startsWith('es') ? 'es' : 'en'], emergent = wake.urgency === 'emergent';
    const body = [w.open, wake.count ? w.waiting(wake.count) : '', wake.overdue ? w.over(wake.overdue) : ''].filter(Boolean).join(' ');
    const options: NotificationOptions & { renotify?: boolean } = {
      body, tag: emergent ? 'emergent' : 'item', renotify: true, requireInteraction: emergent, icon: '/inbox/icon-192.png', badge: '/inbox/icon-192.png', lang: w === words.es ? 'es' : 'en',
    };
    await self.registration.showNotification(emergent ? w.emergent : w.plain, options);
  })());
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const open = (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).find((c) => new URL(c.url).pathname.startsWith('/inbox/'));
    if (open) await open.focus(); else await self.clients.openWindow('/inbox/');
  })());
});
