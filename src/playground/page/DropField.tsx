import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

interface DropFieldProps {
  readonly label: string;
  /** What is there already. */
  readonly name: string | undefined;
  readonly onFile: (file: File) => void;
}

/** Where a picture is dropped, or chosen from a disk. */
export function DropField({ label, name, onFile }: DropFieldProps): JSX.Element {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) onFile(file);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <label class={isOver ? 'drop over' : 'drop'} onDragOver={over} onDragLeave={() => setOver(false)} onDrop={drop}>
      <span>
        {label}
        {name !== undefined && <strong> {name}</strong>}
      </span>
      <input
        type="file"
        accept="image/*"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) onFile(file);
        }}
      />
    </label>
  );
}

/** The first picture among what was pasted or dropped. */
export function pictureIn(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'));
}
