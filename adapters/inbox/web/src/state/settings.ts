// What a person sets on this device: nothing protected, kept in the clear.
import { effect, signal } from '@preact/signals';
import { language, type Language } from '../i18n';
import { session } from './session';

export interface Settings { theme: 'system' | 'light' | 'dark'; language: '' | Language; keys: boolean }
const start: Settings = { theme: 'system', language: '', keys: true };
function kept(): Settings {
  try { return { ...start, ...(JSON.parse(localStorage.getItem('settings') ?? '{}') as Partial<Settings>) }; } catch { return start; }
}
export const settings = signal<Settings>(kept());
export function set(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
  try { localStorage.setItem('settings', JSON.stringify(settings.value)); } catch { /* a device that keeps nothing */ }
}

// Theme and language of the page follow the settings, the account and the device.
export function dress(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)'), systemDark = signal(dark.matches);
  dark.addEventListener('change', () => { systemDark.value = dark.matches; });
  effect(() => {
    const theme = settings.value.theme;
    document.documentElement.dataset['theme'] = theme === 'system' ? (systemDark.value ? 'dark' : 'light') : theme;
  });
  effect(() => {
    language.value = settings.value.language || session.value?.person.language || (navigator.language.startsWith('es') ? 'es' : 'en');
    document.documentElement.lang = language.value;
  });
}
