/** The order of C++'s `std::map<std::string, …>`, in which Nix writes everything it sorts: by bytes. */
export function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
