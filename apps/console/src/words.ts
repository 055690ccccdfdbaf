import type { Lock } from '#contracts';

/** Text for people. Everything from outside becomes text nodes: no markup is ever made of it. */

/** A span with two units at most. */
export function spanText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000));
  if (s < 120) return `${s} s`;
  if (s < 7_200) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 172_800) return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}

/** Control and direction characters as codes: a name cannot pretend to be another. */
export const plain = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );

export const shortId = (id: string): string => id.replace(/^0{8}-/, '').slice(0, 8);

export const whereText = (at: { export?: string | undefined; file?: string | undefined }): string =>
  plain(at.file === undefined ? (at.export ?? '') : `${at.export ?? ''}:${at.file}`);

export function typeText({ type, waits, state, deny, pendingType }: Lock): string {
  const denied = deny === undefined || deny === 'none' ? '' : ` deny ${deny}`;
  const asks = pendingType === undefined ? '' : ` asks for ${pendingType}`;
  const wants = waits === undefined || state === 'waiting' ? '' : ` wants ${waits}`;
  return (state === 'waiting' ? (waits ?? type) : type) + denied + asks + wants;
}

export const whoText = ({ label, node, pid }: Pick<Lock, 'label' | 'node' | 'pid'>): string =>
  plain([label ?? `pid ${pid}`, node === undefined ? '' : `on ${node}`].filter(Boolean).join(' '));

/** Locks that are over are only remembered. */
export const isOver = ({ state }: Pick<Lock, 'state'>): boolean =>
  state === 'released' || state === 'revoked';

export const counted = (n: number, what: string): string =>
  `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
