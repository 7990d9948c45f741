import { Command } from 'commander';
import { replayAvailabilityCommand } from './replay-availability.ts';
import { replayBookingsCommand } from './replay-bookings.ts';
import { replayPricesCommand } from './replay-prices.ts';

export function replayCommand(): Command {
  return new Command('replay')
    .description('drive a running system through its public API with recorded data')
    .addCommand(replayBookingsCommand())
    .addCommand(replayPricesCommand())
    .addCommand(replayAvailabilityCommand());
}
