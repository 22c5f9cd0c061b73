// What people here were to be told; others listen to a change with `onNotice`, `onCapacity`.
type Then = () => void;
const notice = new Set<Then>(), capacity = new Set<Then>();
const on = (set: Set<Then>) => (then: Then) => { set.add(then); return () => { set.delete(then); }; };
export const onNotice = on(notice);
export const onCapacity = on(capacity);
export const tellNotice = () => notice.forEach((then) => then());
export const tellCapacity = () => capacity.forEach((then) => then());
