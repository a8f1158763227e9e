import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownPicture } from '../data.ts';
import { type Decoded, decode } from './decode.ts';

/** A picture's samples, once they are unpacked; undefined before, and of pictures that are beside the page. */
export function useDecoded(shown: ShownPicture | undefined): Decoded | undefined {
  const [decoded, setDecoded] = useState<{ of: ShownPicture; is: Decoded }>();
  useEffect(() => {
    let isWanted = true;
    if (shown?.kind === 'samples') void decode(shown).then((is) => isWanted && setDecoded({ of: shown, is }));
    return () => void (isWanted = false);
  }, [shown]);
  return decoded !== undefined && decoded.of === shown ? decoded.is : undefined;
}

/** What elements look like, by the names of CSS. */
export type Style = Readonly<Record<string, string | number>>;

interface PictureProps {
  readonly shown: ShownPicture;
  readonly decoded: Decoded | undefined;
  /** What is drawn in the place of the picture's own samples. */
  readonly image?: ImageData | undefined;
  readonly label: string;
  readonly style?: Style;
  readonly className?: string;
}

/** A picture at its own size: whoever holds it scales it. */
export function Picture({ shown, decoded, image, label, style = {}, className = '' }: PictureProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = image ?? decoded?.image;
  useEffect(() => {
    if (drawn !== undefined) canvas.current?.getContext('2d')?.putImageData(drawn, 0, 0);
  }, [drawn]);
  const { width, height } = shown;
  if (shown.kind === 'file') {
    return <img class={className} src={shown.href} alt={label} width={width} height={height} style={style} />;
  }
  return (
    <canvas ref={canvas} class={className} role="img" aria-label={label} width={width} height={height} style={style} />
  );
}
