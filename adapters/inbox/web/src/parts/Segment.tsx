// Tabs of a list (To us, From us): arrows move between them.
export function Segment<V extends string>({ label, value, options, onPick, controls }: {
  label: string; value: V; options: { value: V; words: string }[]; onPick: (value: V) => void; controls?: string;
}) {
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!step) return;
    const at = options.findIndex((o) => o.value === value), next = options[(at + step + options.length) % options.length];
    if (next) { onPick(next.value); ((event.currentTarget as HTMLElement).children[options.indexOf(next)] as HTMLElement | undefined)?.focus(); }
  };
  return (
    <div class="seg" role="tablist" aria-label={label} onKeyDown={move}>
      {options.map((o) => (
        <button key={o.value} type="button" role="tab" aria-selected={o.value === value} aria-controls={controls} tabIndex={o.value === value ? 0 : -1} onClick={() => onPick(o.value)}>{o.words}</button>
      ))}
    </div>
  );
}
