// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {ISubnetSeats} from "./ISubnetSeats.sol";
import {ISubnetStakes} from "./ISubnetStakes.sol";
import {ISubnets} from "./ISubnets.sol";

/// @notice All state of a subnet but its pots.
/// @param weights 16 weights a word, of the validator's last reveal
/// @param validatorNumbers slot of a validator, counted from 1; 0 is none
/// @param minerNumbers slot of a miner, counted from 1; 0 is none
/// @param championNumbers slot of a champion, counted from 1; 0 is none
struct SubnetState {
    ISubnets.Subnet subnet;
    ISubnets.SubnetParams params;
    mapping(address account => ISubnetStakes.Stake) stakes;
    mapping(uint256 slot => ISubnetSeats.Validator) validators;
    mapping(uint256 slot => ISubnetSeats.Miner) miners;
    mapping(uint256 slot => mapping(uint256 index => uint256 word)) weights;
    mapping(address account => uint256) validatorNumbers;
    mapping(address account => uint256) minerNumbers;
    mapping(uint32 championId => uint256) championNumbers;
    mapping(uint32 epoch => ISubnetEpochs.EpochRecord) records;
}

/// @notice Seconds of an epoch.
/// @dev The subnet exists, or `SubnetNonexistent`.
function readTempo(SubnetState storage self, uint32 subnetId) view returns (uint256 tempo) {
    tempo = self.params.tempo;
    if (tempo == 0) revert ISubnets.SubnetNonexistent(subnetId);
}

/// @notice The clock of a subnet, as in `ISubnets.clockOf`.
/// @dev The subnet exists, or `SubnetNonexistent`.
function readClock(
    SubnetState storage self,
    uint32 subnetId
) view returns (uint32 epoch, ISubnets.Phase phase, uint256 endsAt) {
    uint256 tempo = readTempo(self, subnetId);
    uint256 start = self.subnet.start;
    uint256 elapsed = block.timestamp - start;
    uint256 quarter = ((elapsed % tempo) * 4) / tempo;
    epoch = uint32(elapsed / tempo + 1);
    // Rounded up: the first second of the next phase.
    endsAt = start + (elapsed / tempo) * tempo + ((quarter + 1) * tempo + 3) / 4;
    phase = ISubnets.Phase(quarter);
}

/// @notice The epoch that receives money moved by anyone: the current one, but from its phase Score on the next one.
/// @dev Commitments are public and can be made until the end of Score. A validator that sees no other could move money
///      into the current epoch, commit last and reveal alone. Before Score, others still have time to commit.
function receivingEpoch(uint32 current, ISubnets.Phase phase) pure returns (uint32) {
    return phase < ISubnets.Phase.Score ? current : current + 1;
}

/// @notice The end of an epoch, as in `ISubnets.epochEndOf`.
/// @dev The subnet exists, or `SubnetNonexistent`.
function readEpochEnd(SubnetState storage self, uint32 subnetId, uint32 epoch) view returns (uint256) {
    return epoch * readTempo(self, subnetId) + self.subnet.start;
}

/// @notice The clock of a subnet whose current epoch takes place.
/// @dev The subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`.
function readLiveClock(
    SubnetState storage self,
    uint32 subnetId
) view returns (uint32 epoch, ISubnets.Phase phase) {
    (epoch, phase, ) = readClock(self, subnetId);
    if (isRetired(self, epoch)) revert ISubnets.SubnetIsRetired(subnetId, self.subnet.retiredFrom);
}

/// @notice Whether an epoch does not take place, because the subnet is retired.
function isRetired(SubnetState storage self, uint32 epoch) view returns (bool) {
    uint32 retiredFrom = self.subnet.retiredFrom;
    return retiredFrom != 0 && epoch >= retiredFrom;
}

/// @notice An account's stake that counts in an epoch, base units.
function countedStake(SubnetState storage self, address account, uint32 epoch) view returns (uint64) {
    ISubnetStakes.Stake storage stake = self.stakes[account];
    return stake.addedAt < epoch ? stake.counted + stake.added : stake.counted;
}
