import { verify } from '@node-rs/argon2';
import { demand, type HashFamily } from './password-hash.js';

/** A PHC string, behind `argon2` in Django's form. */
const FORM =
  /^(?:argon2)?(\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86})$/;

/** 256 MiB; Django asks for 100, RFC 9106 §4 for 64 where memory is scarce. */
const MAX_MEMORY_KIB = 262_144;
/** About a second: every pass goes over all of the memory. */
const MAX_WORK_KIB = 524_288;
const MAX_LANES = 16;

/** Argon2 (RFC 9106), as Django and most libraries store it. */
export const argon2: HashFamily = (text) => {
  const [, phc, memory, passes, lanes] = FORM.exec(text) ?? [];
  if (phc === undefined) return undefined;
  demand(Number(memory) <= MAX_MEMORY_KIB && Number(memory) * Number(passes) <= MAX_WORK_KIB);
  demand(Number(lanes) <= MAX_LANES);
  return { verify: (password) => verify(phc, password) };
};
