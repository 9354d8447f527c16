/** How much of the pane the file takes beside (or below) the tree, remembered. In percent. */
import { z } from '../../src-main/protocol/schema.ts';
import { store, stored } from '../store/stored.ts';

const splitSchema = z.object({
  beside: z.number().min(5).max(95),
  above: z.number().min(5).max(95),
});
type Split = z.infer<typeof splitSchema>;

const USUAL: Split = { beside: 64, above: 55 };

const read = (): Split => stored('snapshot-files', splitSchema, USUAL);

export function recallSplit(split: keyof Split): number {
  return read()[split];
}

export function rememberSplit(split: keyof Split, percent: number): void {
  store('snapshot-files', { ...read(), [split]: percent });
}
