// A report's table as CSV (RFC 4180). What begins like a formula is quoted so that a spreadsheet reads it as text. Pure.
import type { Report, ReportTable } from '../api/types';

export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?%?$/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}
const line = (cells: readonly string[]) => cells.map(cell).join(',') + '\r\n';
export function tableCsv(table: ReportTable): string {
  return line(['', ...table.columns]) + table.rows.map((r) => line([r.label, ...r.cells.map((c) => c.shown)])).join('');
}
// Every table with what a reader needs to judge it.
export function reportCsv(report: Report): string {
  const head = line([report.title]) + line(['period', report.period]) + line(['made', report.made]) + line(['policy', `${report.policy.id} ${report.policy.version}`])
    + line(['log', `${report.log.size} ${report.log.root}`]) + line(['command', report.command]) + line(['suppressed below', String(report.suppress_below)]);
  return head + report.tables.map((t) => '\r\n' + line([t.title]) + line([t.definition]) + line(['denominator', t.denominator]) + line(['missing', String(t.missing)]) + tableCsv(t)).join('');
}
