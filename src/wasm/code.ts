import { float32, signed, unsigned, VALUE_BYTES } from './encode.ts';
import { OPCODES, type ValueType } from './opcodes.ts';

/** A parameter or local variable of a function. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** Where a branch goes: the end of a block, or the head of a loop. */
export interface Label {
  readonly depth: number;
  readonly name: string;
}

/** The body of a function, written instruction by instruction. Everything wrong is refused as it is written. */
export interface Code {
  /** A new local variable, 0 at first. */
  local(type: ValueType): Local;
  get(local: Local): void;
  set(local: Local): void;
  tee(local: Local): void;
  i32(value: number): void;
  f32(value: number): void;
  /** An instruction without an immediate. */
  op(name: string): void;
  /** A load or store, `offset` bytes beyond the address on the stack. */
  memory(name: string, offset?: number, align?: number): void;
  /** An instruction of a lane (a lane load or store also takes an offset). */
  lane(name: string, lane: number, offset?: number): void;
  /** `v128.const` or `i8x16.shuffle` and its sixteen bytes. */
  bytes16(name: 'v128.const' | 'i8x16.shuffle', bytes: readonly number[]): void;
  /** Code that a branch to its label leaves. */
  block(body: (label: Label) => void): void;
  /** Code that a branch to its label begins again. */
  loop(body: (label: Label) => void): void;
  /** Code for where the number on the stack is not 0, and for where it is. */
  if(then: () => void, otherwise?: () => void): void;
  br(label: Label): void;
  brIf(label: Label): void;
}

export interface Body {
  readonly locals: readonly ValueType[];
  readonly bytes: readonly number[];
}

/**
 * Writes a function's body, following the types on the stack.
 *
 * @throws Error that names the function, the instruction, and the types it needed and found
 */
export function writeBody(
  name: string,
  parameters: readonly ValueType[],
  results: readonly ValueType[],
  write: (code: Code, parameters: readonly Local[]) => void,
): Body {
  const bytes: number[] = [];
  const locals: ValueType[] = [];
  // The types on the stack, and how many of them belong to the blocks around the one that is being written.
  const stack: ValueType[] = [];
  let floor = 0;
  let depth = 0;
  // After an unconditional branch nothing runs: the stack may be anything until the block ends.
  let unreachable = false;

  const fail = (what: string): never => {
    throw new Error(`${name}: ${what}`);
  };
  const take = (instruction: string, types: readonly ValueType[]): void => {
    for (const wanted of types.toReversed()) {
      if (stack.length === floor && unreachable) continue;
      const found = stack.length > floor ? stack.pop() : undefined;
      if (found !== wanted)
        fail(`${instruction} needs ${types.join(' ') || 'nothing'} but found ${found ?? 'an empty stack'}`);
    }
  };
  const expectLocal = ({ index, type }: Local): void => {
    if (([...parameters, ...locals][index] ?? undefined) !== type) fail(`there is no local ${index} of type ${type}`);
  };
  const instruction = (opcode: string, kind: string | undefined): void => {
    if (!Object.hasOwn(OPCODES, opcode)) fail(`there is no instruction ${opcode}`);
    const { bytes: encoded, takes, gives, immediate } = OPCODES[opcode];
    if (immediate !== kind) fail(`${opcode} takes ${immediate ?? 'no immediate'}, not ${kind ?? 'none'}`);
    take(opcode, takes);
    bytes.push(...encoded);
    stack.push(...gives);
  };
  const argument = (offset: number, align: number): void => {
    if (!Number.isInteger(offset) || offset < 0 || offset >= 2 ** 32) fail(`an offset of ${offset}`);
    bytes.push(...unsigned(align), ...unsigned(offset));
  };
  const nested = (opcode: number, kind: string, body: (label: Label) => void): void => {
    const outer = { floor, unreachable };
    bytes.push(opcode, EMPTY);
    floor = stack.length;
    unreachable = false;
    depth++;
    body({ depth, name });
    endOf(kind);
    depth--;
    floor = outer.floor;
    unreachable = outer.unreachable;
  };
  const endOf = (kind: string): void => {
    if (stack.length !== floor) fail(`a ${kind} leaves ${stack.slice(floor).join(' ')} on the stack`);
    bytes.push(END);
  };
  const branch = (opcode: number, label: Label): void => {
    if (label.name !== name || label.depth > depth || label.depth < 1) fail('a branch out of its block');
    bytes.push(opcode, ...unsigned(depth - label.depth));
  };

  const code: Code = {
    local(type) {
      locals.push(type);
      return { index: parameters.length + locals.length - 1, type };
    },
    get(local) {
      expectLocal(local);
      bytes.push(0x20, ...unsigned(local.index));
      stack.push(local.type);
    },
    set(local) {
      expectLocal(local);
      take('local.set', [local.type]);
      bytes.push(0x21, ...unsigned(local.index));
    },
    tee(local) {
      expectLocal(local);
      take('local.tee', [local.type]);
      bytes.push(0x22, ...unsigned(local.index));
      stack.push(local.type);
    },
    i32(value) {
      if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) fail(`i32.const ${value}`);
      bytes.push(0x41, ...signed(value | 0));
      stack.push('i32');
    },
    f32(value) {
      bytes.push(0x43, ...float32(value));
      stack.push('f32');
    },
    op: (opcode) => instruction(opcode, undefined),
    memory(opcode, offset = 0, align = 0) {
      instruction(opcode, 'memory');
      argument(offset, align);
    },
    lane(opcode, lane, offset) {
      instruction(opcode, offset === undefined ? 'lane' : 'memoryLane');
      if (offset !== undefined) argument(offset, 0);
      if (!Number.isInteger(lane) || lane < 0 || lane > 15) fail(`${opcode} of lane ${lane}`);
      bytes.push(lane);
    },
    bytes16(opcode, sixteen) {
      instruction(opcode, 'bytes16');
      if (sixteen.length !== 16) fail(`${opcode} of ${sixteen.length} bytes`);
      bytes.push(...sixteen);
    },
    block: (body) => nested(0x02, 'block', body),
    loop: (body) => nested(0x03, 'loop', body),
    if(then, otherwise) {
      take('if', ['i32']);
      nested(0x04, 'branch of if', () => {
        then();
        if (otherwise === undefined) return;
        if (stack.length !== floor) fail(`a branch of if leaves ${stack.slice(floor).join(' ')} on the stack`);
        unreachable = false;
        bytes.push(ELSE);
        otherwise();
      });
    },
    br(label) {
      branch(0x0c, label);
      stack.length = floor;
      unreachable = true;
    },
    brIf(label) {
      take('br_if', ['i32']);
      branch(0x0d, label);
    },
  };

  write(
    code,
    parameters.map((type, index) => ({ index, type })),
  );
  take('the end of the function', results);
  endOf('function');
  return { locals, bytes };
}

const END = 0x0b;
const ELSE = 0x05;
/** The type of a block that takes and leaves nothing. */
const EMPTY = 0x40;

/** The locals of a body as the binary format writes them: runs of one type. */
export function encodeLocals(locals: readonly ValueType[]): number[] {
  const runs: [count: number, type: ValueType][] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.[1] === type) last[0]++;
    else runs.push([1, type]);
  }
  return [...unsigned(runs.length), ...runs.flatMap(([count, type]) => [...unsigned(count), VALUE_BYTES[type]])];
}
