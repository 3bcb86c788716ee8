//go:build unix && !solaris && !netbsd && !openbsd && !aix

package main

import "golang.org/x/sys/unix"

// freeOn is how many bytes the disk of a folder has left for us.
func freeOn(folder string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
