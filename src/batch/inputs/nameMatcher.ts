/** What one or more characters of a name must be. */
type Token =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'character'; readonly character: string }
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [from: string, to: string])[];
    };

/**
 * Whether a name is one that a pattern stands for, as in Python's glob and in shells: `*` is any characters, `?` one, `[abc]`, `[a-c]` one of
 * these and `[!abc]` or `[^abc]` one of the others. All else is itself, parentheses too, and what follows a backslash.
 * A dot at a name's begin is only matched by one that is written.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const tokens = tokensOf(Array.from(pattern));
  const showsHidden = tokens[0]?.kind === 'character' && tokens[0].character === '.';
  return (name) => (showsHidden || !name.startsWith('.')) && matches(tokens, Array.from(name));
}

function tokensOf(pattern: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === '*') {
      if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' });
    } else if (character === '?') tokens.push({ kind: 'one' });
    else if (character === '\\' && i + 1 < pattern.length) tokens.push({ kind: 'character', character: pattern[++i] });
    else {
      const set = character === '[' ? setFrom(pattern, i) : undefined;
      tokens.push(set?.token ?? { kind: 'character', character });
      i = set?.end ?? i;
    }
  }
  return tokens;
}

/** The set that opens at a place; undefined where it does not close. A bracket that closes at once is one of its own. */
function setFrom(pattern: readonly string[], start: number): { token: Token; end: number } | undefined {
  const negated = pattern[start + 1] === '!' || pattern[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  const members: { readonly character: string; readonly isDash: boolean }[] = [];
  let at = first;
  for (; at < pattern.length && (pattern[at] !== ']' || at === first); at++) {
    const isEscaped = pattern[at] === '\\' && at + 1 < pattern.length;
    if (isEscaped) at++;
    members.push({ character: pattern[at], isDash: pattern[at] === '-' && !isEscaped });
  }
  if (at >= pattern.length) return undefined;
  const ranges: [string, string][] = [];
  for (let i = 0; i < members.length; i++) {
    const from = members[i].character;
    const isRange = members[i + 1]?.isDash === true && i + 2 < members.length;
    ranges.push([from, isRange ? members[i + 2].character : from]);
    if (isRange) i += 2;
  }
  return { token: { kind: 'set', negated, ranges }, end: at };
}

/** From left to right; where a character does not fit, the last `*` takes one more. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted?.kind === 'any') {
      star = token++;
      taken = at;
    } else if (wanted !== undefined && fits(wanted, name[at])) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++taken;
    } else return false;
  }
  while (tokens[token]?.kind === 'any') token++;
  return token === tokens.length;
}

function fits(token: Token, character: string): boolean {
  if (token.kind === 'character') return token.character === character;
  if (token.kind !== 'set') return true;
  const code = character.codePointAt(0) as number;
  const isMember = token.ranges.some(
    ([from, to]) => code >= (from.codePointAt(0) as number) && code <= (to.codePointAt(0) as number),
  );
  return isMember !== token.negated;
}
