// Writing a message. What is written is kept sealed on this device until it is sent; files go along up to a size that fits one request.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Shown } from '../../api/types';
import { t } from '../../i18n';
import { Button, IconButton } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Note } from '../../parts/Note';
import { UndoHere } from '../../parts/UndoBar';
import { dropDraft, keepDraft, keptDraft } from '../../state/drafts';
import { outgoing, send, settled } from '../../state/outgoing';
import { session } from '../../state/session';
import { base64 } from '../../words/base64';
import { sizeWords } from '../files/FileLine';

const most = 8; // MB of all files of one message
interface Picked { title: string; media_type: string; size: number; data: string }
const draftId = (thread: string) => 'form:message:' + thread;

export function Compose({ shown }: { shown: Shown }) {
  const [text, setText] = useState(''), [files, setFiles] = useState<Picked[]>([]), [wrong, setWrong] = useState(''), [kept, setKept] = useState<boolean | null>(null);
  const field = useRef<HTMLInputElement>(null), id = draftId(shown.thread), soon = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    let left = false;
    void keptDraft<{ text: string }>(id).then((draft) => { if (!left && draft?.text) { setText((now) => now || draft.text); setKept(true); } });
    return () => { left = true; };
  }, [id]);
  // Undone within the ten seconds: what was written is here again.
  const last = useRef<{ id: string; text: string; files: Picked[]; sent: boolean } | null>(null), all = outgoing.value;
  useEffect(() => {
    const was = last.current;
    if (!was || all.some((o) => o.id === was.id)) return;
    const timer = setTimeout(() => { last.current = null; if (!was.sent) { setText((now) => now || was.text); setFiles((now) => (now.length ? now : was.files)); } }, 50);
    return () => clearTimeout(timer);
  }, [all]);
  const type = (value: string) => {
    setText(value);
    clearTimeout(soon.current);
    soon.current = setTimeout(() => { if (value.trim()) void keepDraft(id, { text: value }).then(setKept); else { void dropDraft(id); setKept(null); } }, 300);
  };
  const pick = async (list: FileList | null) => {
    const next = [...files];
    setWrong('');
    for (const file of list ?? []) {
      if (next.reduce((n, f) => n + f.size, file.size) > most * 1024 * 1024) { setWrong(t('msg.too_large', { file: file.name, n: most })); continue; }
      next.push({ title: file.name, media_type: file.type || 'application/octet-stream', size: file.size, data: base64(await file.arrayBuffer()) });
    }
    setFiles(next);
    if (field.current) field.current.value = '';
  };
  const go = () => {
    if (!text.trim() && files.length === 0) return;
    clearTimeout(soon.current);
    const me = session.value?.person, attachments = files.map(({ title, media_type, data }) => ({ title, media_type, data }));
    const leaving = send('send', { thread: shown.thread, kind: 'SecureMessage', body: { kind: 'SecureMessage', secure_message: { text: text.trim(), author_name: me?.name ?? '', author_role: me?.roles[0] ?? '', ...(attachments.length ? { attachments } : {}) } } },
      { thread: shown.thread, title: t('msg.sending', { agency: shown.other_name }) });
    const mine = { id: leaving, text, files, sent: false };
    last.current = mine;
    void settled(leaving).then((failure) => { mine.sent = failure === null; });
    setText(''); setFiles([]); setKept(null);
    void dropDraft(id);
  };
  return (
    <form class="compose" onSubmit={(e) => { e.preventDefault(); go(); }} onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); go(); } }}>
      <UndoHere thread={shown.thread} />
      <Field label={t('msg.write', { agency: shown.other_name })} value={text} onInput={type} rows={2} />
      {files.length > 0 && (
        <ul class="files">{files.map((f, i) => (
          <li key={f.title + i} class="file"><Icon name="file" /><span class="grow"><b><bdi>{f.title}</bdi></b><small>{sizeWords(f.size)}</small></span><IconButton icon="x" label={t('msg.detach', { file: f.title })} onClick={() => setFiles(files.filter((x) => x !== f))} /></li>
        ))}</ul>
      )}
      {wrong && <Note tone="danger" alert title={wrong} />}
      <div class="compose-foot">
        <label class="btn btn-quiet"><input ref={field} class="vh" type="file" multiple onChange={(e) => void pick(e.currentTarget.files)} /><Icon name="file" />{t('msg.attach')}</label>
        <span class="small muted grow" role="status">{kept === null ? '' : t(kept ? 'msg.kept' : 'msg.not_kept')}</span>
        <Button kind="main" icon="send" type="submit" keyName="Ctrl Enter" off={!text.trim() && files.length === 0}>{t('msg.send')}</Button>
      </div>
    </form>
  );
}
