// Looks at a file. Its bytes are fetched, what they are is what the agent found in them (never what their sender said), and they are shown as
// that and nothing else: a picture, a PDF in the browser's own viewer, or plain text. They are dropped with the sheet.
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../../api/client';
import type { Event, FileRow } from '../../api/types';
import { t } from '../../i18n';
import { failureWords } from '../../i18n/failure';
import { Icon } from '../../parts/Icon';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { shows, type Shows } from '../../words/files';
import { fileHref, sizeWords } from './FileLine';

const longest = 200_000; // signs of a text
interface Got { as: Shows; url: string; text: string }
async function fetchFile(href: string): Promise<Got> {
  let answer: Response;
  try { answer = await fetch(href, { credentials: 'same-origin', cache: 'no-store', redirect: 'error' }); } catch { throw new Failure('away', 0, ''); }
  if (!answer.ok) {
    const said = (await answer.json().catch(() => null)) as { error?: { kind: string; what: string; mend?: string } } | null;
    throw new Failure(said?.error?.kind ?? 'unreadable', answer.status, said?.error?.what ?? answer.statusText, said?.error?.mend);
  }
  const type = (answer.headers.get('Content-Type') ?? '').split(';')[0]?.trim() ?? '', as = shows(type);
  if (as === 'text') return { as, url: '', text: await answer.text() };
  if (as === 'no') { await answer.body?.cancel(); return { as, url: '', text: '' }; }
  return { as, url: URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type })), text: '' };
}
export function Viewer({ event, file, onClose }: { event: Event; file: FileRow; onClose: () => void }) {
  const href = fileHref(event, file), [got, setGot] = useState<Got | null>(null), [wrong, setWrong] = useState('');
  useEffect(() => {
    let left = false, url = '';
    fetchFile(href).then((g) => { url = g.url; if (left) URL.revokeObjectURL(url); else setGot(g); }, (e: unknown) => { if (!left) setWrong(failureWords(e)); });
    return () => { left = true; if (url) URL.revokeObjectURL(url); };
  }, [href]);
  return (
    <Sheet title={file.title} sub={`${sizeWords(file.size)}. ${t('file.note')}`} onClose={onClose} wide
      foot={<div class="acts acts-even">{got?.as === 'pdf' && <a class="btn" href={got.url} target="_blank" rel="noopener">{t('file.open')}</a>}<a class="btn" href={href} download={file.title}><Icon name="down" />{t('file.download')}</a></div>}>
      {wrong && <Note tone="danger" alert title={wrong} />}
      {!got && !wrong && <p class="muted" role="status">{t('file.loading')}</p>}
      {got?.as === 'picture' && <img class="view" src={got.url} alt={t('file.picture', { file: file.title })} />}
      {got?.as === 'pdf' && <iframe class="view view-pdf" src={got.url} title={file.title} />}
      {got?.as === 'text' && <><pre class="view view-text" tabIndex={0}><bdi>{got.text.slice(0, longest)}</bdi></pre>{got.text.length > longest && <p class="small muted">{t('file.long')}</p>}</>}
      {got?.as === 'no' && <Note tone="warn" title={t('file.no_preview')} />}
    </Sheet>
  );
}
