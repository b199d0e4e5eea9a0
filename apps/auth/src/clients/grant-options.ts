import { InvalidArgumentError, type Command } from 'commander';
import { isAudience, scopesIn, type ClientGrant } from './client-grant.js';

interface OpenGrant {
  readonly audience: string;
  readonly scopes: Set<string>;
}

/**
 * Reads `--audience a --scope x --audience b --scope y z`: a scope belongs to the audience before it. With a single
 * audience their order does not matter.
 */
export class GrantOptions {
  private readonly grants: OpenGrant[] = [];
  /** Scopes that came before any audience. */
  private readonly early: string[] = [];

  addTo(command: Command): Command {
    return command
      .option('--audience <name>', 'a service that it may call; may be repeated', (text) =>
        this.audience(text),
      )
      .option('--scope <scopes>', 'a scope at the audience named before; may be repeated', (text) =>
        this.scope(text),
      );
  }

  /** Whether none was given. */
  get isEmpty(): boolean {
    return this.grants.length === 0 && this.early.length === 0;
  }

  /** Ends the command when no audience was given, or it is not clear whose a scope is. */
  read(command: Command): readonly ClientGrant[] {
    const [first, second] = this.grants;
    if (first === undefined) command.error("error: required option '--audience <name>' not specified");
    if (this.early.length > 0 && second !== undefined)
      command.error('error: with several audiences, each --scope comes after its --audience');
    for (const scope of this.early) first?.scopes.add(scope);
    return this.grants.map(({ audience, scopes }) => ({ audience, scopes: [...scopes] }));
  }

  private audience(text: string): string {
    if (!isAudience(text))
      throw new InvalidArgumentError('An audience has 1 to 255 printable characters without spaces.');
    if (!this.grants.some(({ audience }) => audience === text))
      this.grants.push({ audience: text, scopes: new Set() });
    return text;
  }

  private scope(text: string): string {
    const scopes = scopesIn(text);
    if (!scopes) throw new InvalidArgumentError('A scope has 1 to 128 printable characters (RFC 6749 §3.3).');
    const last = this.grants.at(-1);
    for (const scope of scopes) {
      if (last) last.scopes.add(scope);
      else this.early.push(scope);
    }
    return text;
  }
}
