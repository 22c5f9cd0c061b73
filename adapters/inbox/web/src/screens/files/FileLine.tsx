// One file of a message: its name, size and state, and a way to look at it or to save it.
import { useState } from 'preact/hooks';
import type { Event, FileRow } from '../../api/types';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Icon } from '../../parts/Icon';
import { kept, shows } from '../../words/files';
import { Viewer } from './Viewer';

export const fileHref = (event: Event, file: FileRow) => `/api/v1/file/${encodeURIComponent(event.message)}/${file.number}`;
export function sizeWords(size: number): string {
  if (size < 1024) return t('file.bytes', { n: size });
  return size < 1024 * 1024 ? t('file.kb', { n: Math.round(size / 1024) }) : t('file.mb', { n: (size / 1024 / 1024).toFixed(1) });
}
export function FileLine({ event, file, sub }: { event: Event; file: FileRow; sub?: string }) {
  const [open, setOpen] = useState(false), state = kept(file.state), ready = state === 'here';
  return (
    <li class="file">
      <Icon name={state === 'refused' ? 'alert' : 'file'} />
      <span class="grow"><b><bdi>{file.title}</bdi></b><small>{[state === 'here' ? sizeWords(file.size) : t(`file.${state}`), sub].filter(Boolean).join('. ')}</small></span>
      {ready && (shows(file.media_type) === 'no'
        ? <a class="btn" href={fileHref(event, file)} download={file.title}>{t('file.download')}<span class="vh"> {file.title}</span></a>
        : <Button label={t('file.view.of', { file: file.title })} onClick={() => setOpen(true)}>{t('file.view')}</Button>)}
      {open && <Viewer event={event} file={file} onClose={() => setOpen(false)} />}
    </li>
  );
}
