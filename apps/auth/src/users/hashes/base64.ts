/** Decodes base64 with or without padding; passlib writes a dot for the plus. */
export function fromBase64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
