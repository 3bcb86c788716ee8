package sqlite

import (
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes an exclusive lock on an open file, or fails at once. The kernel
// drops it when the process ends, however it ends.
func lockFile(f *os.File) error {
	// The byte that is locked lies beyond what others read to learn who holds the lock.
	place := &windows.Overlapped{Offset: 1 << 20}
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY)
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, place)
}
