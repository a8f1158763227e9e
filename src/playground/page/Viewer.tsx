import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useZoom } from '../../report/page/useZoom.ts';
import { ZoomButtons } from '../../report/page/ZoomButtons.tsx';

interface ViewerProps {
  readonly before: ImageBitmap;
  readonly after: ImageBitmap | undefined;
}

/** A picture under a slider: on the left as it was, on the right what was made of it. */
export function Viewer({ before, after }: ViewerProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(50);
  const { scale, zoomBy, zoomTo } = useZoom(frame, before, before);
  const size = (of: { width: number; height: number }): Record<string, string> => ({
    width: `${of.width * scale}px`,
    height: `${of.height * scale}px`,
  });
  const edge = (before.width * share * scale) / 100;
  return (
    <div class="viewer">
      <div class="tools">
        <ZoomButtons scale={scale} zoomBy={zoomBy} zoomTo={zoomTo} />
        <label class="share">
          before
          <input
            type="range"
            min="0"
            max="100"
            value={share}
            aria-label="where the result begins"
            onInput={(event) => setShare(Number(event.currentTarget.value))}
          />
          after
        </label>
      </div>
      {/* Long pictures scroll, by keys too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="frame" ref={frame} tabIndex={0} role="region" aria-label="picture before and after">
        <div class={scale >= 2 ? 'stack pixels' : 'stack'} style={size(before)}>
          <Bitmap image={before} label="before" style={size(before)} />
          {after && (
            <Bitmap image={after} label="after" style={{ ...size(after), clipPath: `inset(0 0 0 ${edge}px)` }} />
          )}
          {after && <span class="edge" style={{ left: `${share}%` }} />}
        </div>
      </div>
    </div>
  );
}

interface BitmapProps {
  readonly image: ImageBitmap;
  readonly label: string;
  readonly style: Readonly<Record<string, string>>;
}

/** A picture that a worker handed over. */
export function Bitmap({ image, label, style }: BitmapProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.clearRect(0, 0, image.width, image.height);
    context?.drawImage(image, 0, 0);
  }, [image]);
  return <canvas ref={canvas} role="img" aria-label={label} width={image.width} height={image.height} style={style} />;
}
