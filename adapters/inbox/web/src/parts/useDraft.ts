// What somebody is typing, sealed on this device as it changes, so that a lock or a closed window loses nothing. `done` forgets it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { dropDraft, keepDraft, keptDraft } from '../state/drafts';

export function useDraft<T extends object>(id: string, start: T): [T, (change: Partial<T>) => void, () => void] {
  const [value, setValue] = useState(start), typed = useRef(false), timer = useRef<ReturnType<typeof setTimeout>>(), name = 'form:' + id;
  useEffect(() => {
    let here = true;
    void keptDraft<T>(name).then((kept) => { if (here && kept && !typed.current) setValue({ ...start, ...kept }); });
    return () => { here = false; };
  }, [name]);
  const change = (to: Partial<T>) => {
    typed.current = true;
    setValue((was) => {
      const next = { ...was, ...to };
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void keepDraft(name, next), 300);
      return next;
    });
  };
  const done = () => { typed.current = true; clearTimeout(timer.current); void dropDraft(name); };
  return [value, change, done];
}
