import type { JwsSigner } from './jws-signer.js';

/** Where the key comes from that signs now: the shared secret, or the key ring. */
export abstract class SignerSource {
  abstract current(): JwsSigner;
}
