const LONGEST = 160;

/**
 * Why sharp failed, as one short line. libvips adds a line for every attempt, often the same one many times,
 * with the names of its own parts before them.
 */
export function sharpReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split('\n').map(plain).filter(tells);
  const reason = [...new Set(lines)].slice(0, 2).join('; ');
  if (reason === '') return 'its header cannot be read';
  return reason.length > LONGEST ? `${reason.slice(0, LONGEST)}…` : reason;
}

function plain(line: string): string {
  return (
    line
      .replace(/^Input (buffer|file) has corrupt header:/, '')
      .replace(/^\s*(VipsJpeg|vipspng|webp|heif|tiff2vips|gifload_buffer|vips\w*|source|target): /, '')
      .replace(/^Warning: /, '')
      // libheif ends with its numbers of the error.
      .replace(/\s*\(\d+\.\d+\)$/, '')
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim()
  );
}

/** Lines that say nothing about the file. */
function tells(line: string): boolean {
  return !/^$|^Warning treated as error|^bad seek to|contains unsupported image format$/.test(line);
}
