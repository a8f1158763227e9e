/** What an ICC profile's samples are: its data colour space signature (ICC.1:2022, 7.2.6); none where the bytes are no profile. */
export function profileSpace(profile: Uint8Array): 'rgb' | 'grey' | 'cmyk' | undefined {
  if (profile.length < 132 || ascii(profile, 36, 40) !== 'acsp') return undefined;
  const space = ascii(profile, 16, 20);
  if (space === 'RGB ') return 'rgb';
  if (space === 'GRAY') return 'grey';
  return space === 'CMYK' ? 'cmyk' : undefined;
}

const LONGEST_DESCRIPTION = 200;

/**
 * The profile's description, in English where it has several; none where it cannot be found.
 * Version 2 profiles hold it as ASCII, version 4 ones as UTF-16 in several languages.
 */
export function profileDescription(profile: Uint8Array): string | undefined {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  try {
    const tag = findTag(view, profile, 'desc');
    if (tag === undefined) return undefined;
    const type = ascii(profile, tag, tag + 4);
    const text =
      type === 'mluc' ? localised(view, profile, tag) : ascii(profile, tag + 12, tag + 12 + view.getUint32(tag + 8));
    const printable = text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu, '').trim();
    return printable === '' ? undefined : printable.slice(0, LONGEST_DESCRIPTION);
  } catch {
    // An offset outside the profile: it has no description that could be shown.
    return undefined;
  }
}

const TAG_TABLE = 128;

function findTag(view: DataView, profile: Uint8Array, signature: string): number | undefined {
  const count = Math.min(view.getUint32(TAG_TABLE), 100);
  for (let i = 0; i < count; i++) {
    const entry = TAG_TABLE + 4 + i * 12;
    if (ascii(profile, entry, entry + 4) === signature) return view.getUint32(entry + 4);
  }
  return undefined;
}

/** A multiLocalizedUnicodeType (ICC.1:2022, 10.15): records of language, country, length and offset, then UTF-16BE. */
function localised(view: DataView, profile: Uint8Array, tag: number): string {
  const count = Math.min(view.getUint32(tag + 8), 100);
  const records = Array.from({ length: count }, (_, i) => tag + 16 + i * view.getUint32(tag + 12));
  const record = records.find((at) => ascii(profile, at, at + 2) === 'en') ?? records[0];
  if (record === undefined) return '';
  const start = tag + view.getUint32(record + 8);
  const end = Math.min(start + view.getUint32(record + 4), start + 4 * LONGEST_DESCRIPTION);
  return new TextDecoder('utf-16be').decode(profile.subarray(start, end));
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder('latin1').decode(bytes.subarray(from, Math.min(to, from + 4 * LONGEST_DESCRIPTION)));
}
