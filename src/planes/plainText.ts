/**
 * Control characters (escape sequences, bells, line breaks), separators of lines and paragraphs, lone surrogates, and marks that
 * turn the direction of writing: what would steer a terminal, begin a line of its own in a log, or make one name look like another.
 */
export const UNPRINTABLE: RegExp = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/gu;

/**
 * A text as it may stand in a line of a message, whatever file or name it came from: on one line, with `\uXXXX` for every
 * character that a terminal or a log would take for a command. What is plain already stays as it is.
 *
 * @example
 * plainText('\u001b[31mred\n') // '\\u001b[31mred\\u000a'
 */
export function plainText(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** Whether {@link plainText} leaves a text as it is. */
export function isPlain(text: string): boolean {
  return text.search(UNPRINTABLE) < 0;
}

/** JSON of a value, in which {@link plainText} leaves nothing to do but line breaks between its parts: the same value to whoever reads it. */
export function plainJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(OF_JSON, escaped);
}

// JSON itself escapes C0 in texts, and lone surrogates; what is left of C0 are its own line breaks.
const OF_JSON = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** One UTF-16 unit as JSON and JavaScript escape it. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
