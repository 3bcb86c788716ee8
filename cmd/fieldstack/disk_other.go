//go:build !unix || solaris || netbsd || openbsd || aix

package main

import "errors"

// freeOn is how many bytes the disk of a folder has left for us.
func freeOn(string) (uint64, error) {
	return 0, errors.New("how much room the disk has is not known on this system")
}
