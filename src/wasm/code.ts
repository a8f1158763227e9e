import { appendFloat32, appendSigned, appendUnsigned, unsigned } from './encode.ts';
import { type Immediate, type NameWith, type Opcode, OPCODES, VALUE_BYTES, type ValueType } from './opcodes.ts';

/** What leaves one number on the stack: an expression, or a local variable. */
export interface Value<T extends ValueType = ValueType> {
  readonly type: T;
  readonly push: (code: Code) => void;
}

/** A parameter or local variable of a function. */
export interface Local<T extends ValueType = ValueType> extends Value<T> {
  readonly index: number;
}

/** Where a branch goes: the end of a block, or the head of a loop. It holds within its block alone. */
export interface Label {
  readonly depth: number;
}

/** The body of a function, written instruction by instruction. Everything wrong is refused as it is written. */
export interface Code {
  /** A new local variable, 0 at first. */
  local<T extends ValueType>(type: T): Local<T>;
  get(local: Local): void;
  set(local: Local): void;
  tee(local: Local): void;
  i32(value: number): void;
  f32(value: number): void;
  /** An instruction without an immediate. */
  op(name: NameWith<'nothing'>): void;
  /**
   * A load or store, `offset` bytes beyond the address on the stack. `align` is the power of two that the address is said to be
   * a multiple of, at most the bytes that are read or written.
   */
  memory(name: NameWith<'memory'>, offset?: number, align?: number): void;
  /** An instruction of one lane; a load or store of it goes `offset` bytes beyond the address on the stack. */
  lane(name: NameWith<'lane' | 'memoryLane'>, lane: number, offset?: number): void;
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
  const given = parameters.map((type, index): Local => localOf(index, type));
  const draft: Draft = { name, bytes: [], variables: [...given], stack: [], floor: 0, labels: [], unreachable: false };
  write({ ...variablesOf(draft), ...constantsOf(draft), ...instructionsOf(draft), ...blocksOf(draft) }, given);
  take(draft, 'the end of the function', results);
  end(draft, 'function');
  return { locals: draft.variables.slice(given.length).map(({ type }) => type), bytes: draft.bytes };
}

/** A body as far as it is written. */
interface Draft {
  /** The function's. */
  readonly name: string;
  readonly bytes: number[];
  readonly variables: Local[];
  /** The types on the stack. */
  readonly stack: ValueType[];
  /** How many of them belong to the blocks around the one that is being written. */
  floor: number;
  /** The labels of those blocks, the outermost first. */
  readonly labels: Label[];
  /** After an unconditional branch nothing runs: the stack may be anything until the block ends. */
  unreachable: boolean;
}

function variablesOf(draft: Draft): Pick<Code, 'local' | 'get' | 'set' | 'tee'> {
  const { bytes, variables, stack } = draft;
  const access = (opcode: number, local: Local): void => {
    bytes.push(opcode);
    appendUnsigned(bytes, local.index);
  };
  const expectOwn = (local: Local): void => {
    if (variables[local.index] !== local)
      fail(draft, `local ${local.index} of type ${local.type} is not of this function`);
  };
  return {
    local(type) {
      const local = localOf(variables.length, type);
      variables.push(local);
      return local;
    },
    get(local) {
      expectOwn(local);
      access(0x20, local);
      stack.push(local.type);
    },
    set(local) {
      expectOwn(local);
      take(draft, 'local.set', [local.type]);
      access(0x21, local);
    },
    tee(local) {
      expectOwn(local);
      take(draft, 'local.tee', [local.type]);
      access(0x22, local);
      stack.push(local.type);
    },
  };
}

function constantsOf(draft: Draft): Pick<Code, 'i32' | 'f32' | 'bytes16'> {
  const { bytes, stack } = draft;
  return {
    i32(value) {
      if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) fail(draft, `i32.const ${value}`);
      bytes.push(0x41);
      appendSigned(bytes, value | 0);
      stack.push('i32');
    },
    f32(value) {
      bytes.push(0x43);
      appendFloat32(bytes, value);
      stack.push('f32');
    },
    bytes16(opcode, sixteen) {
      instruction(draft, opcode, ['bytes16']);
      const limit = opcode === 'i8x16.shuffle' ? 32 : 256;
      if (sixteen.length !== 16 || !sixteen.every((byte) => isBelow(byte, limit)))
        fail(draft, `${opcode} needs 16 bytes below ${limit} but found ${sixteen.join(' ')}`);
      bytes.push(...sixteen);
    },
  };
}

function instructionsOf(draft: Draft): Pick<Code, 'op' | 'memory' | 'lane'> {
  const place = (opcode: string, width: number, offset: number, align: number): void => {
    if (!isBelow(offset, 2 ** 32)) fail(draft, `${opcode} at an offset of ${offset}`);
    if (!isBelow(align, Math.log2(width) + 1)) fail(draft, `${opcode} of ${width} bytes aligned to 2^${align}`);
    appendUnsigned(draft.bytes, align);
    appendUnsigned(draft.bytes, offset);
  };
  return {
    op: (opcode) => void instruction(draft, opcode, ['nothing']),
    memory(opcode, offset = 0, align = 0) {
      const { width } = instruction(draft, opcode, ['memory']);
      place(opcode, width, offset, align);
    },
    lane(opcode, lane, offset) {
      const { immediate, width } = instruction(draft, opcode, ['lane', 'memoryLane']);
      if (immediate === 'memoryLane') place(opcode, width, offset ?? 0, 0);
      else if (offset !== undefined) fail(draft, `${opcode} takes no offset`);
      if (!isBelow(lane, 16 / width)) fail(draft, `${opcode} of lane ${lane}`);
      draft.bytes.push(lane);
    },
  };
}

function blocksOf(draft: Draft): Pick<Code, 'block' | 'loop' | 'if' | 'br' | 'brIf'> {
  const { bytes, stack, labels } = draft;
  const nested = (opcode: number, kind: string, body: (label: Label) => void): void => {
    const { floor, unreachable } = draft;
    const label = { depth: labels.length };
    bytes.push(opcode, EMPTY);
    draft.floor = stack.length;
    draft.unreachable = false;
    labels.push(label);
    body(label);
    end(draft, kind);
    labels.pop();
    draft.floor = floor;
    draft.unreachable = unreachable;
  };
  const branch = (opcode: number, label: Label): void => {
    if (labels[label.depth] !== label) fail(draft, 'a branch out of its block');
    bytes.push(opcode);
    appendUnsigned(bytes, labels.length - 1 - label.depth);
  };
  return {
    block: (body) => nested(0x02, 'block', body),
    loop: (body) => nested(0x03, 'loop', body),
    if(then, otherwise) {
      take(draft, 'if', ['i32']);
      nested(0x04, 'branch of if', () => {
        then();
        if (otherwise === undefined) return;
        expectEmpty(draft, 'branch of if');
        draft.unreachable = false;
        bytes.push(ELSE);
        otherwise();
      });
    },
    br(label) {
      branch(0x0c, label);
      stack.length = draft.floor;
      draft.unreachable = true;
    },
    brIf(label) {
      take(draft, 'br_if', ['i32']);
      branch(0x0d, label);
    },
  };
}

/** Writes an instruction whose immediate, which its caller writes, is of one of these kinds. */
function instruction(draft: Draft, opcode: string, kinds: readonly Immediate[]): Opcode {
  if (!Object.hasOwn(OPCODES, opcode)) fail(draft, `there is no instruction ${opcode}`);
  const known = OPCODES[opcode];
  if (!kinds.includes(known.immediate)) fail(draft, `${opcode} takes ${known.immediate}, not ${kinds.join(' or ')}`);
  take(draft, opcode, known.takes);
  for (const byte of known.bytes) draft.bytes.push(byte);
  for (const type of known.gives) draft.stack.push(type);
  return known;
}

/** Takes what an instruction, a block or the function's end needs off the stack. */
function take(draft: Draft, taker: string, types: readonly ValueType[]): void {
  const { stack, floor, unreachable } = draft;
  for (let i = types.length - 1; i >= 0; i--) {
    if (stack.length === floor && unreachable) continue;
    const found = stack.length > floor ? stack.pop() : undefined;
    if (found !== types[i]) fail(draft, `${taker} needs ${types.join(' ')} but found ${found ?? 'an empty stack'}`);
  }
}

function end(draft: Draft, kind: string): void {
  expectEmpty(draft, kind);
  draft.bytes.push(END);
}

function expectEmpty(draft: Draft, kind: string): void {
  const { stack, floor } = draft;
  if (stack.length !== floor) fail(draft, `a ${kind} leaves ${stack.slice(floor).join(' ')} on the stack`);
}

function fail({ name }: Draft, what: string): never {
  throw new Error(`${name}: ${what}`);
}

function localOf<T extends ValueType>(index: number, type: T): Local<T> {
  const local: Local<T> = { index, type, push: (code) => code.get(local) };
  return local;
}

function isBelow(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < limit;
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
