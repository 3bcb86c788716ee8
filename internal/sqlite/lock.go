package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// ErrInUse is in the error of who opens or restores a database that another process
// has open.
var ErrInUse = errors.New("the database is in use")

// acquire makes this process the one that uses the database at path, by a lock on a
// file beside it. Close the file to let go; it is left behind, since removing it
// could remove the lock of the next process.
func acquire(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		holder := holderOf(f)
		f.Close()
		return nil, fmt.Errorf("%w by %s: stop that one first, or give this one a database of its own", ErrInUse, holder)
	}
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// holderOf says who holds the lock, as well as its file tells.
func holderOf(f *os.File) string {
	text, _ := io.ReadAll(io.LimitReader(f, 20))
	if pid := strings.TrimSpace(string(text)); pid != "" {
		return "another process (" + pid + ")"
	}
	return "another process"
}

// Hold makes this process the one that uses the database at path, without opening it,
// until the result is closed: for who moves it. The error wraps [ErrInUse] while another
// one does.
func Hold(path string) (io.Closer, error) {
	f, err := acquire(path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: hold %s: %w", path, err)
	}
	return f, nil
}
