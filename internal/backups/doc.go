// Package backups keeps copies of everything in a folder of the server's, made by hand
// or every day, and makes ready the one that is to take the place of what is there.
//
// # Its types
//
//   - [Service]: makes, lists, gives out and removes backups. Safe for concurrent use.
//   - [Backup]: one of them. [Report]: what is in it. [Progress]: of the one being made.
//   - [Staged]: the one that the next start of the server restores; [Apply] does it.
//
// # Laws
//
//  1. What is listed was written whole and read again from the first byte to the last:
//     what is under way, or was cut off, has another name.
//     That holds for a backup that somebody brings as well.
//  2. A restore never happens under a running server, and never destroys what was there:
//     that is moved aside, and the message says where to.
//  3. However often Apply is broken off, the next one finishes it; at each moment either
//     the old database or the new one is there, whole.
package backups
