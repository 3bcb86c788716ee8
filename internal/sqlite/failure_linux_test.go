package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func linuxTasks() map[string]func(ctx context.Context, path string) error {
	return map[string]func(ctx context.Context, path string) error{
		"fail to sync":        func(ctx context.Context, path string) error { return failToSync(ctx, path, commitNext) },
		"fail to sync a fold": func(ctx context.Context, path string) error { return failToSync(ctx, path, foldAll) },
	}
}

// An fsync that fails is not tried again: no ack after the first failure.
func TestFsync_EIO(t *testing.T) { testFailing(t, "fail to sync") }

// The same of a fold.
func TestFsync_EIOWhileFolding(t *testing.T) { testFailing(t, "fail to sync a fold") }

// failToSync has the kernel answer every fsync with EIO. There is no way back.
func failToSync(ctx context.Context, path string, write writing) error {
	err := failing(ctx, path, write, breakSync, func() error { return nil })
	if errors.Is(err, errNoFilter) {
		fmt.Println(skipped)
		return nil
	}
	return err
}

var errNoFilter = errors.New("no seccomp filter")

// breakSync installs a seccomp filter for all threads: fsync and fdatasync fail with
// EIO, every other call is let through.
func breakSync() error {
	load := unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0} // the number of the call
	equals := func(call uintptr, skip uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: uint32(call), Jt: skip}
	}
	answer := func(value uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: value}
	}
	program := []unix.SockFilter{
		load,
		equals(unix.SYS_FSYNC, 2),
		equals(unix.SYS_FDATASYNC, 1),
		answer(unix.SECCOMP_RET_ALLOW),
		answer(unix.SECCOMP_RET_ERRNO | uint32(unix.EIO)),
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	runtime.LockOSThread() // no_new_privs is the thread's own until the filter is everyone's
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("%w: %w", errNoFilter, err)
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&filter)))
	runtime.KeepAlive(program)
	if errno != 0 {
		return fmt.Errorf("%w: %w", errNoFilter, errno)
	}
	return nil
}
