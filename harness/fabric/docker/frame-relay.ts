/** Hosts that only a probe plays have this address on the wire: locally administered (IEEE 802 8.2), and of nobody. */
export const phantomMac = '02:00:5e:00:53:01';

/**
 * A program for Perl, which every Debian image has, in the wire container. It listens on the bridges that its
 * arguments name, as captures do, and obeys lines on its input:
 *
 * - `send SEGMENT MAC HEX`: puts an IP packet on that bridge, from the phantom address to this one; then tells all
 *   that the MACs of `boxes` send, until nothing has come for a while
 * - `run WORDS`: runs a command in a shell
 * - `boxes SEGMENT=MAC ...`: whose packets are told from now on
 *
 * It answers each line with `seen SEGMENT HEX` for every packet or what the command printed, and `done`.
 */
export const frameRelay = String.raw`
use strict; use warnings; use Socket; use IO::Select;
$| = 1;
my ($quiet, @segments) = @ARGV;
my (%socket, %segment, %box);
my $select = IO::Select->new;
for my $name (@segments) {
  open(my $file, '<', "/sys/class/net/$name/ifindex") or die "no bridge $name";
  chomp(my $index = <$file>);
  socket(my $socket, 17, 3, unpack('n', pack('S', 3))) or die "packet socket: $!";
  bind($socket, pack('S n i S C C a8', 17, 3, $index, 0, 0, 0, '')) or die "bind $name: $!";
  setsockopt($socket, 263, 1, pack('i S S a8', $index, 1, 0, '')) or die "promiscuous $name: $!";
  $socket{$name} = $socket; $segment{fileno $socket} = $name; $select->add($socket);
}
sub octets { return pack('H*', join('', split(/:/, $_[0]))) }
my $phantom = octets('${phantomMac}');
sub read_frames {
  my $patience = $quiet;
  # Other traffic on the wires must not keep us for ever.
  for (1 .. 1000) {
    my @ready = $select->can_read($patience) or last;
    for my $socket (@ready) {
      my $from = recv($socket, my $frame, 65536, 0);
      my $name = $segment{fileno $socket};
      next if length($frame) < 34 || substr($frame, 12, 2) ne "\x08\x00";
      next if !defined $box{$name} || substr($frame, 6, 6) ne $box{$name};
      my $length = unpack('n', substr($frame, 16, 2));
      print "seen $name ", unpack('H*', substr($frame, 14, $length)), "\n";
      $patience = $quiet / 4;
    }
  }
}
print "done\n";
while (my $line = <STDIN>) {
  chomp $line;
  my ($verb, @words) = split(/ /, $line);
  if ($verb eq 'boxes') { %box = map { my ($name, $mac) = split(/=/); $name => octets($mac) } @words }
  if ($verb eq 'run') { print qx{@words 2>&1} }
  if ($verb eq 'send') {
    my ($name, $mac, $hex) = @words;
    for my $socket ($select->can_read(0)) { while (defined recv($socket, my $old, 65536, 64)) {} }
    send($socket{$name}, octets($mac) . $phantom . "\x08\x00" . pack('H*', $hex), 0) or die "send: $!";
    read_frames();
  }
  print "done\n";
}
`;
