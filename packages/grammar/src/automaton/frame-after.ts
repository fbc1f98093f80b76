import { ACTION_GOTO, ACTION_KIND_BITS, ACTION_KIND_MASK, type Frame, type FrameMachine } from "./frame-machine.ts";

/** The frame after some bytes; 0 where it does not stay on top. */
export function frameAfter(machine: FrameMachine, frame: Frame, bytes: Uint8Array): Frame {
  let after = frame;
  for (const byte of bytes) {
    const action = machine.step(after, byte);
    if ((action & ACTION_KIND_MASK) !== ACTION_GOTO) return 0;
    after = action >>> ACTION_KIND_BITS;
  }
  return after;
}
