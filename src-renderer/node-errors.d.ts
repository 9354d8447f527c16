/** The one name of Node that the protocol's files use in a type. */
declare namespace NodeJS {
  interface ErrnoException extends Error {
    readonly code?: string;
    readonly syscall?: string;
  }
}
