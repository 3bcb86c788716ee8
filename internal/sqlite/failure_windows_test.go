package sqlite

import "context"

func unixTasks() map[string]func(ctx context.Context, path string) error { return nil }
