import { isEmail } from 'class-validator';
import { domainToASCII, domainToUnicode } from 'node:url';

/** RFC 5321 §4.5.3.1.3, characters. */
export const MAX_EMAIL_LENGTH = 254;

/** What no reader sees, or takes for a space: two addresses that differ by it look like one. */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
const ASCII_DOMAIN = /^[a-z0-9.-]+$/;
/** What must not come out of compatibility characters either: a fullwidth `／` would end the domain. */
const FOREIGN_ASCII = /[\0-,/:-`{-\x7f]/;

/**
 * The one form of an e-mail address: trimmed, NFC, lower case, the domain in its ASCII form (UTS #46), so that one mailbox
 * is one account however its domain is spelled. What cannot be brought into that form is left for validation to refuse.
 */
export function normaliseEmail<T>(value: T): T | string {
  if (typeof value !== 'string') return value;
  // The second NFC is for what lower-casing takes apart.
  const text = value.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = text.lastIndexOf('@') + 1;
  return at === 0 ? text : text.slice(0, at) + asciiOf(text.slice(at));
}

/**
 * Whether a normalised address is one that an account may have: no quoted local part, nothing invisible, a domain in
 * its ASCII form.
 */
export function isEmailAddress(text: string): boolean {
  // The library throws at half a surrogate pair, which is among the invisible.
  if (text.length > MAX_EMAIL_LENGTH || INVISIBLE.test(text) || text.includes('"')) return false;
  const domain = text.slice(text.lastIndexOf('@') + 1);
  return ASCII_DOMAIN.test(domain) && domain.split('.').every(isLabel) && isEmail(text);
}

/**
 * The spellings under which an account with this address may be stored: its own and, for a domain that is not ASCII, the
 * one that earlier versions stored.
 */
export function storedSpellings(email: string): readonly string[] {
  if (!email.includes('xn--')) return [email];
  const at = email.lastIndexOf('@') + 1;
  return [...new Set([email, email.slice(0, at) + domainToUnicode(email.slice(at))])];
}

function asciiOf(domain: string): string {
  if (INVISIBLE.test(domain) || FOREIGN_ASCII.test(domain.normalize('NFKC').toLowerCase())) return domain;
  const ascii = domainToASCII(domain);
  return ASCII_DOMAIN.test(ascii) ? ascii : domain;
}

/** A label that says `xn--` has to be the form of another one, and the only one. */
function isLabel(label: string): boolean {
  if (!label.startsWith('xn--')) return true;
  const unicode = domainToUnicode(label);
  return unicode !== label && domainToASCII(unicode) === label;
}
