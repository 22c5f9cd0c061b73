// Scales of the charts. Pure.
export const share = (value: number, whole: number, length: number): number => (whole > 0 ? Math.round((Math.max(0, value) / whole) * length) : 0);
