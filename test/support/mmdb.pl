# Writes an MMDB file as MaxMind's own software does. Arguments: FILE TYPE, then PREFIX VALUE pairs.
use strict; use warnings; use MaxMind::DB::Writer::Tree;
my ($file, $type, @pairs) = @ARGV;
my %types = (country => 'map', iso_code => 'utf8_string', autonomous_system_number => 'uint32');
my $tree = MaxMind::DB::Writer::Tree->new(
  ip_version => 6, record_size => 24, database_type => $type, languages => ['en'],
  description => { en => 'test' }, map_key_type_callback => sub { $types{ $_[0] } },
  remove_reserved_networks => 0,
);
while (@pairs) {
  my ($prefix, $value) = splice @pairs, 0, 2;
  $tree->insert_network($prefix, $type eq 'asn' ? { autonomous_system_number => $value } : { country => { iso_code => $value } });
}
open my $out, '>:raw', $file or die $!;
$tree->write_tree($out);
