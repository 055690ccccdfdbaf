/** Value blocks are base64 on the wire, and hexadecimal digits in the table. */

export function base64Of(block: string): string;
export function base64Of(block: string | undefined): string | undefined;
export function base64Of(block: string | undefined): string | undefined {
  return block === undefined ? undefined : Buffer.from(block, 'hex').toString('base64');
}

export function hexOf(block: string | undefined): string | undefined {
  return block === undefined ? undefined : Buffer.from(block, 'base64').toString('hex');
}
