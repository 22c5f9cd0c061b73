// An icon beside a word; by itself it says nothing to a screen reader.
import { icons, type IconName } from './icons';

export function Icon({ name, size = '' }: { name: IconName; size?: '' | 's' | 'l' }) {
  return <svg class={`i${size && ' i-' + size}${name === 'more' ? ' i-more' : ''}`} viewBox="0 0 24 24" aria-hidden="true"><path d={icons[name]} /></svg>;
}
