// Whom to call, in order: kept on the device for when nothing else works.
import type { PhoneEntry } from '../api/types';
import { t } from '../i18n';
import { phoneTree } from '../state/session';
import { Icon } from './Icon';

// The policy names a list; an agency may write words of its own.
const whatWords = (what: string) => (what === 'on_call' || what === 'supervisor' ? t(`oc.list.${what}`) : what);
export function PhoneTree({ entries = phoneTree() }: { entries?: PhoneEntry[] }) {
  if (entries.length === 0) return <p class="muted">{t('tree.none')}</p>;
  return (
    <>
      <ol class="card tree">
        {entries.map((e, i) => (
          <li key={e.agency + e.what}>
            <span class="n" aria-hidden="true">{i + 1}</span><span><b>{e.name}</b><small>{whatWords(e.what)}</small></span>
            <a class="btn btn-call num" href={'tel:' + e.phone.replace(/[^\d+*#,]/g, '')}><Icon name="phone" />{e.phone}</a>
          </li>
        ))}
      </ol>
      <p class="small muted">{t('tree.say')}</p>
    </>
  );
}
