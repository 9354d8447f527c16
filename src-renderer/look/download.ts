/** Has the browser save a file under a name that one can still change. */
export function download(contents: Blob, name: string): void {
  const address = URL.createObjectURL(contents);
  const link = document.createElement('a');
  link.href = address;
  // Slashes and characters that no file system takes are left out.
  link.download = name.replace(/[/\\:*?"<>|\u0000-\u001f\ud800-\udfff]/g, '_');
  link.click();
  // The download has begun by then; the bytes are its own.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
