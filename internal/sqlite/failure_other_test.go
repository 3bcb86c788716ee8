//go:build unix && !linux

package sqlite

import "context"

func linuxTasks() map[string]func(ctx context.Context, path string) error { return nil }
